from dataclasses import dataclass


@dataclass
class Config:
    activation: str = "sigmoid"
    loss: str = "categorical_crossentropy"
