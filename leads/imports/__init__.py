"""Reading other systems' files: text, columns, values, and the job that carries a file into leads."""
