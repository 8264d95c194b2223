"""The siting dialogue: how people take part, what they bring in, and what is done with it."""
