"""Comparing candidates: criteria and their scales, weights, and whether the order holds."""
