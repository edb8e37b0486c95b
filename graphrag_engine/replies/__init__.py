"""What a model is shown, and what is made of its replies, record by record: never trusted. Pure."""
