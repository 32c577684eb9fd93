"""What Careline adds to Rasa: two graph components and three corrections of Rasa itself.

Rasa imports a component by its path (`components.clinical.ClinicalAnnotator`), and so this package first, whenever it
trains, runs or tests: the corrections are always on.
"""

from components import rasa_patch

rasa_patch.apply()
