from base import Base


class Net(Base):
    activation = "softmax"


Net().build()
