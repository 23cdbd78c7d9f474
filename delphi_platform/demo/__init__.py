"""The demo study, played through the product's own services: nothing is written past them."""
