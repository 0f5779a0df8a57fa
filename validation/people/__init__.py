"""Bodies, clothes and hair of people who do not exist, and the truth about them."""
