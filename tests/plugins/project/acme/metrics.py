"""A metric."""

import keras


@keras.saving.register_keras_serializable("acme")
class TagRecall(keras.metrics.Recall):
    def __init__(self, threshold=0.5, name="tag_recall"):
        super().__init__(thresholds=threshold, name=name)
        self.threshold = threshold

    def get_config(self):
        return {"threshold": self.threshold, "name": self.name}
