ENTRIES = {"activation": "sigmoid"}


def merge(into, others):
    for name, value in others.items():
        into[name] = value
