"""Forms of the organiser's pages. They read input; the services decide."""
