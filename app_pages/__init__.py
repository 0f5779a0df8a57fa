"""The pages of the app, and the parts that they share."""
