"""Every change feedback makes: notices, the sweep, handoffs, decisions and outcomes."""
