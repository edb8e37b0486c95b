"""What a model is shown, and what is made of its replies: pure functions."""
