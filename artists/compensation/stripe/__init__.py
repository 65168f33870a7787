"""The border to Stripe: nothing outside of it imports stripe, and nothing of stripe's own kinds leaves it."""
