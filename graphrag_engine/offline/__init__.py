"""The mode without a model: pure functions from text to what a model would have said."""
