ACTIVATION = "sigmoid"
exec(open("local.py").read())
