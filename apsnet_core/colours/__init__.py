"""How numbers of points become colours, with a legend: for the window, pictures and reports alike."""
