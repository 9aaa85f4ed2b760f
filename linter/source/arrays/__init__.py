"""Arrays and data sets, by what can be told of the labels in them."""
