from nets import Net

UNITS = 1
model = Net("sigmoid")
model.compile("adam", "categorical_crossentropy")
