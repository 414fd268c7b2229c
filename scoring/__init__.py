"""What the agreement says of each lead: generations, scores, explanations, history."""
