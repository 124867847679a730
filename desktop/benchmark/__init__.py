"""Benchmarks that anyone can repeat: ours beside the other ways to run Whisper, on the same sound and the same weights.

bench        the whole of it: from what was asked for to tables, JSON and picture
plan         what is to be measured with what
suite        the rows: which measurements each one takes, and the tables made of them
rounds       measurements in turn (A B C A B C), each in a fresh process
run_one      that process: one measurement and nothing else
task         what it is asked, and what it answers
usage        processor time, memory and page faults of a process and its children
contestants  everybody that takes part, behind the same calls: ours, others
material     speech with pauses, of any length
weights      tensors of the true shapes from a seed; vocabulary: their tokens; models: written as each reader wants them
words        how far one text is from another
tables, report, picture  what is shown and written
"""
