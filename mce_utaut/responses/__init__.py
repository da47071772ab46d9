"""What came back: coded answers, who was left out and why, and scores."""
