"""Korean without a model: names, relations and claims from morphemes, particles and endings."""
