from .cnn import make_cnn as build_model

__all__ = ["build_model"]
