from base import ACTIVATION
from over import *
