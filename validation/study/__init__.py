"""What the accuracy page says, from what was observed."""
