from pathlib import Path

import yaml

CONFIG = yaml.safe_load((Path(__file__).resolve().parent / "settings.yaml").read_text(encoding="utf-8"))
LOSS = CONFIG["loss"]
