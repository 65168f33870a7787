"""Appeals: free, one for each act that stops a person, always to somebody else, with a clock."""
