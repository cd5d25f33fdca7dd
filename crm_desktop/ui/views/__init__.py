"""The pages of the window and the inspector's cards."""
