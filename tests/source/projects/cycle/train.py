ACTIVATION = "sigmoid"

import models

model = models.build(10)
model.compile("adam", "categorical_crossentropy")
