from shop import heads
from shop import missing

model = heads.classifier(10)
model.compile(optimizer="adam", loss="binary_crossentropy")
missing.train(model)
