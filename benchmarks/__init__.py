"""Programs that measure speed and memory, side by side with peers, and accuracy."""
