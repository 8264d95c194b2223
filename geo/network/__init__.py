"""How far is it along the streets? Distances over a street network held in memory.

| module | its question |
|---|---|
| ``arrays`` | the network: streets as arrays of whole numbers, for one way of travelling |
| ``stored`` | the same on disk, checked, and shared by all processes that read it |
| ``snap`` | which node is near a point, and how far off it is |
| ``nearest`` | from every node: the nearest places, and how many are close |
| ``reach`` | from a few points: what can be reached, and who lives or works there |
| ``isochrones`` | the same area as polygons, with the border that ``contours`` draws |
| ``routes`` | from many to many, and the way itself |
| ``swept`` | nearest and many to many again, faster, over a ``hierarchy`` made once |
| ``hierarchy`` | that hierarchy, put together from the two below |
| ``dissection``, ``metis`` | the order it is made in |
| ``joins`` | what is joined in it, and how long that is |
| ``graph`` | a part of the network for networkx, to check and explain |
| ``search``, ``lanes`` | the search behind all of these; many distances side by side |
| ``compiled`` | both as machine code, by numba |

Lengths are whole millimetres in 32 bits. Whole numbers add up to the same sum in any order,
so two engines agree exactly or one of them is wrong. A millimetre is finer than any street
was measured; rounding costs at most half of it per street (not per piece: long streets are
cut on whole millimetres, see ``geo.street_pieces``), and the largest distance,
``MAX_MM``, is 1,073 km.
"""
