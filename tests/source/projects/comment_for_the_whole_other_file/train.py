import models as m

model = m.build(1)
model.compile("adam", loss="binary_crossentropy")
