"""From the paths that a user names to files and their bytes, and from imports to the files of a program."""
