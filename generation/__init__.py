"""From storyboard to clip."""
