"""The border to Stripe: nothing outside of it imports stripe."""
