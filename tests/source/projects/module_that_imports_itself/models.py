import models

UNITS = 1
SAME = models.UNITS
