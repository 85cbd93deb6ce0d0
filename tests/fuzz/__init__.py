"""Files of every format damaged at random, by seed: none may crash, stall, or be read other than it says."""
