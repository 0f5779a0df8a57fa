"""What people and CI run from the checkout."""
