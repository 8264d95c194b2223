"""What is a good place, and what is a fair spread? Pure method: frames in, frames out."""
