"""What the overlay is made of: shapes laid out in photo pixels, and how they are drawn."""
