"""Cases: what the case-collection template tells of existing micro-credentials, counted."""
