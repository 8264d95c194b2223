"""Travel access: how far daily life is, what a kind of place asks, and who can reach it in time.

One module a question. Each is a pure function on minutes that something else measured, along the
streets or from a table: values in, a named Series or frame on the same index out. Minutes that
are unknown stay unknown and are counted, with the reason; nothing is filled in.

| module | its question |
|---|---|
| ``modes`` | how fast does one walk and cycle, and what is it called |
| ``profiles`` | what does a kind of place ask of its surroundings |
| ``value``, ``score`` | how well do the surroundings of a place fit that |
| ``sentence`` | how do we say what is near |
| ``availability`` | which residents get there in time, and how long does it usually take |
| ``two_step`` | how many places are there for those who share them |
| ``residents`` | the residents behind a figure of an area, and what is not known of them |
| ``facts`` | today's figures for the worked examples of the method pages |
"""
