"""What a trainer node is made of."""
