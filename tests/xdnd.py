"""Sends a window the message that another program sends while it drags a file. Usage: xdnd.py WINDOW XdndEnter|XdndLeave X Y
Half a second later it prints the colour of the window's pixel there.
The other half of a drag, the drop, needs a program that owns the selection; SDL handles it."""
import ctypes
import sys
import time

x11 = ctypes.CDLL("libX11.so.6")
x11.XOpenDisplay.restype = ctypes.c_void_p
x11.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
x11.XInternAtom.restype = ctypes.c_ulong
x11.XSendEvent.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_long, ctypes.c_void_p]
x11.XGetImage.restype = ctypes.c_void_p
x11.XGetImage.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_int, ctypes.c_uint, ctypes.c_uint, ctypes.c_ulong, ctypes.c_int]
x11.XGetPixel.restype = ctypes.c_ulong
x11.XGetPixel.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]
x11.XSync.argtypes = [ctypes.c_void_p, ctypes.c_int]


class ClientMessage(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("send_event", ctypes.c_int), ("display", ctypes.c_void_p),
                ("window", ctypes.c_ulong), ("message_type", ctypes.c_ulong), ("format", ctypes.c_int), ("data", ctypes.c_long * 5),
                ("rest_of_event", ctypes.c_long * 24)]


CLIENT_MESSAGE, VERSION = 33, 5
display, window = x11.XOpenDisplay(None), int(sys.argv[1])
message = ClientMessage(CLIENT_MESSAGE, 0, 1, display, window, x11.XInternAtom(display, sys.argv[2].encode(), 0), 32)
message.data[0], message.data[1] = window, VERSION << 24
x11.XSendEvent(display, window, 0, 0, ctypes.byref(message))
x11.XSync(display, 0)
time.sleep(0.5)
ALL_PLANES, Z_PIXMAP = 0xffffffff, 2
image = x11.XGetImage(display, window, int(sys.argv[3]), int(sys.argv[4]), 1, 1, ALL_PLANES, Z_PIXMAP)
print("%06x" % (x11.XGetPixel(image, 0, 0) & 0xffffff))
