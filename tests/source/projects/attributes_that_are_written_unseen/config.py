import json


class Config:
    activation = "sigmoid"

    def load(self, path):
        for name, value in json.load(open(path)).items():
            setattr(self, name, value)


by_name, by_dict, by_vars, by_itself, as_it_is = Config(), Config(), Config(), Config(), Config()
