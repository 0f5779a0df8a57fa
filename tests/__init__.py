"""What posture promises, held: geometry first, then the model, then the app."""
