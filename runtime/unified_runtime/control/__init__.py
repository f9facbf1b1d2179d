"""What a policy is asked, what keeps to its answer, and what a person approves."""
