def get_dummies(y):
    return None
