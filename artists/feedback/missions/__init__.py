"""Test missions and interviews: posted, taken or not, delivered, accepted."""
