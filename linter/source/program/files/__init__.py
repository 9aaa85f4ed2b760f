"""Files that the program opens by paths which are known: what it reads from them, and whether it may write them."""
