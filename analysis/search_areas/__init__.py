"""Search areas: where in the region a kind of place could be at all, tested on squares of 100 m.

| module | its question |
|---|---|
| ``grid`` | which squares are there, and in which gemeente and wijk does each lie |
| ``ground`` | how much of each square is ground that rules it out, or asks attention |
| ``conditions`` | what a square must meet: starting values, for the users to set |
| ``assessment`` | which squares meet all of it, and why the others do not |
| ``areas`` | squares beside each other made one area, with its outline and ranges |
| ``reason`` | why an area is one, in plain Dutch |

Nothing is added up to one number: a square meets a condition or it does not, and each is shown.
"""
