UNITS = 1
while UNITS < 10:
    UNITS += 1
